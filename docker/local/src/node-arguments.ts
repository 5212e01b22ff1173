/**
 * With what Node.js runs the services and the gateway. Without it V8 gives memory back when a process has rested for some
 * seconds, and with it the code that it had compiled for it: the next thousands of requests cost two to three times as much
 * processor time. It has to stand on the command line: once V8 runs, it is too late.
 */
export const nodeArguments: readonly string[] = ['--no-memory-reducer'];
