/** The process's environment: read here and nowhere else in this service. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
