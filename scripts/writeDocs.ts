/** `npm run docs`: writes the generated part of docs. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../checks/index.ts';
import { publishedSchemas } from './schemas.ts';

const folder = join(packageRoot(), 'docs', 'schemas');
const schemas = publishedSchemas();
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (!schemas.has(file)) rmSync(join(folder, file));
for (const [file, text] of schemas) writeFileSync(join(folder, file), text);
process.stdout.write(`${schemas.size} schemas written to docs/schemas\n`);
