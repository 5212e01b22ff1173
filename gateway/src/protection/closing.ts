import type { IncomingMessage } from 'node:http';

/**
 * Has the connection of a request that is answered before it has arrived close only when its rest was read, and dropped, or
 * its time is over (RFC 9112, 9.6). Closed at once, it is reset under a client that is still sending, and the answer with it.
 */
export function closeWhenArrived(request: IncomingMessage): void {
  const { socket } = request;
  const close = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (request.readableEnded || request.destroyed) close();
    else request.once('close', close);
  };
}
