import { Client } from 'pg';

// As many commits as seeing a run through takes, each of one row, from as many connections as a server has slots.
const COMMITS_A_RUN = 3;
const CONNECTIONS = 16;
const [host = '', port = '', runs = ''] = process.argv.slice(2);
const clients = Array.from(
  { length: CONNECTIONS },
  () => new Client({ host, port: Number(port), user: 'optimus', database: 'optimus' }),
);
await Promise.all(clients.map((client) => client.connect()));
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));

let left = Number(runs) * COMMITS_A_RUN;
await Promise.all(
  clients.map(async (client) => {
    while (left-- > 0)
      await client.query({ name: 'bare', text: 'INSERT INTO bare (state) VALUES ($1)', values: ['running'] });
  }),
);
await Promise.all(clients.map((client) => client.end()));
process.disconnect();
