/** `npm run docs`: writes the generated part of the documentation. */
import { writeDocs } from './docs.ts';

for (const line of writeDocs()) process.stdout.write(`${line}\n`);
