// The load generator as a process of its own: each message is an order, each answer its outcome.
import { sendLoad, type LoadOrder } from './send-load.js';

process.on('message', (message: LoadOrder | string) => {
  if (typeof message === 'string') return;
  void sendLoad(message).then((outcome) => process.send?.(outcome));
});
