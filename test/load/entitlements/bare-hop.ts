// The floor of the architecture: a bare fastify hop that asks four bare services side by side and puts their answers together.
import Fastify from 'fastify';
import { Pool } from 'undici';

interface Asked {
  readonly account: string;
  readonly deployment: string;
}

const { SERVICES = '[]', PORT } = process.env;
const services = (JSON.parse(SERVICES) as { url: string; by: keyof Asked }[]).map(({ url, by }) => ({
  pool: new Pool(url, { connections: 32 }),
  by,
}));
const app = Fastify({ logger: false });
app.post<{ Body: Asked }>('/', async ({ body }) => {
  const parts = await Promise.all(
    services.map(async ({ pool, by }) => {
      const answer = await pool.request({
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: body[by] }),
      });
      return answer.body.json();
    }),
  );
  return { data: parts };
});
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.send?.('ready');
