/**
 * What every npm script starts: makes a fresh clone ready, then does what was asked.
 *
 *   node scripts/bootstrap.mjs VERB …             the command line of mmucheck, built from the sources
 *   node scripts/bootstrap.mjs --vitest …         the tests (they run from the sources, without a build)
 *   node scripts/bootstrap.mjs --tool NAME …      a development tool out of node_modules
 *   node scripts/bootstrap.mjs --build            only the build
 *   node scripts/bootstrap.mjs --script NAME …    another script of this folder, built
 *
 * In: the tree. Out: node_modules and dist, brought up to date; nothing is done where they already are.
 * Plain JavaScript without a dependency, because it runs before there is any. All that it has to say
 * goes to stderr: stdout belongs to the verb.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stampFile = join(dist, '.sources');
const sourceFolders = ['model', 'properties', 'compiler', 'explorer', 'patches', 'counterexamples', 'checks', 'scripts'];
/** Files that are not TypeScript and that the built code wants beside it, from where to where. */
const assets = [
  ['node_modules/tree-sitter-c/tree-sitter-c.wasm', 'dist/assets/tree-sitter-c.wasm'],
  ['node_modules/tree-sitter-c/LICENSE', 'dist/assets/tree-sitter-c.LICENSE'],
];

await main(process.argv.slice(2));

async function main(args) {
  requireNode();
  install();
  switch (args[0]) {
    case '--vitest':
      process.exitCode = await run(join('vitest', 'vitest.mjs'), ['run', ...args.slice(1)]);
      return;
    case '--tool':
      process.exitCode = await run(toolPath(args[1]), args.slice(2));
      return;
    case '--build':
      build();
      return;
    case '--script':
      await start(args[1], args.slice(2));
      return;
    default:
      await start('main', args);
  }
}

/** Builds, then goes on in this process as if the script had been started by itself. */
async function start(script, args) {
  build();
  process.argv = [process.execPath, join(dist, 'scripts', `${script}.js`), ...args];
  await import(pathToFileURL(process.argv[1]).href);
}

/** Node 20.19 is the oldest that the libraries run on; older ones fail with messages that help nobody. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`mmucheck needs Node 20.19 or later, this is ${process.versions.node}`);
}

/** `npm ci` if what is installed is not what package-lock.json says. */
function install() {
  const difference = staleInstallation();
  if (difference === null) return;
  const modules = join(root, 'node_modules');
  // npm would empty the folder behind the link, which belongs to another tree.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      `node_modules is a link, and what is installed there does not fit (${difference}): remove the link, or install where it points to`,
    );
  }
  say(`installing packages (${difference})`);
  const npm = process.env.npm_execpath;
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', options, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (child.status !== 0) fail('npm ci failed: see above');
}

/** Null, or in what the installation differs from the lock file. Contents are compared: a clone's file times mean nothing. */
function staleInstallation() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'none are there yet';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional === true || entry.devOptional === true || entry.peer === true) continue;
    if (installed[path] === undefined && versionThere(path) !== entry.version) return `${path} is missing`;
  }
  for (const [path, entry] of Object.entries(installed)) {
    if (wanted[path]?.version !== entry.version) return `${path} is another version`;
  }
  return null;
}

/** Of a package that npm's own list does not name, as after a merge: null if it is not there. */
function versionThere(path) {
  const file = join(root, path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** TypeScript to dist, if any source changed since. Types are not checked here: `npm run typecheck` does. */
function build() {
  const stamp = sourceStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('building');
  const fresh = join(root, '.cache', `dist-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  const compiler = spawnSync(
    process.execPath,
    [join(root, 'node_modules', toolPath('tsc')), '-p', 'tsconfig.build.json', '--outDir', fresh],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (compiler.status !== 0) fail('the build failed: see above');
  for (const [from, to] of assets) {
    const target = join(fresh, to.slice('dist/'.length));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, from), target);
  }
  // `npx mmucheck` in the clone starts it as a program.
  chmodSync(join(fresh, 'scripts', 'main.js'), 0o755);
  writeFileSync(join(fresh, '.sources'), stamp);
  replaceDist(fresh);
}

/** In one move, so that a second mmucheck that starts meanwhile never sees half a build. */
function replaceDist(fresh) {
  const old = `${fresh}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Changes whenever a source appears, vanishes or is written, or a dependency changes. */
function sourceStamp() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) hash.update(readFileSync(join(root, file)));
  for (const folder of sourceFolders) {
    if (!existsSync(join(root, folder))) continue;
    const files = readdirSync(join(root, folder), { recursive: true }).filter(isSource).sort();
    for (const file of files) {
      const { mtimeMs, size } = statSync(join(root, folder, file));
      hash.update(`${folder}${sep}${file}\0${mtimeMs}\0${size}\n`);
    }
  }
  return hash.digest('hex');
}

function isSource(file) {
  return file.endsWith('.ts') && !file.endsWith('.test.ts');
}

/** The entry of a tool, relative to node_modules, as its package names it. */
function toolPath(tool) {
  const packages = { tsc: 'typescript', biome: '@biomejs/biome' };
  const owner = packages[tool];
  if (owner === undefined) return fail(`no such tool: ${tool}`);
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', owner, 'package.json'), 'utf8'));
  return join(owner, typeof bin === 'string' ? bin : bin[tool]);
}

/** Runs a JavaScript file of node_modules on the terminal of this process; gives its exit code. */
function run(file, args) {
  const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides what it means.
  process.on('SIGINT', () => {});
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 70))));
}

function say(message) {
  process.stderr.write(`mmucheck: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(70);
}
