// A bare service of the architecture's floor: one fastify route with one select by primary key, and nothing else.
import Fastify from 'fastify';
import pg from 'pg';

const { DATABASE_URL = '', STATEMENT = '', PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const app = Fastify({ logger: false });
app.post<{ Body: { id: string } }>('/', async ({ body }) => {
  const { rows } = await pool.query<object>({ name: 'one', text: STATEMENT, values: [body.id] });
  return rows[0] ?? {};
});
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.send?.('ready');
