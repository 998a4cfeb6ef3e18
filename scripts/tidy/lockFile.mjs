/**
 * Completes package-lock.json: `node scripts/tidy/lockFile.mjs`, after a dependency was added.
 *
 * `npm ci` refuses a lock file in which an optional package of some other platform is missing, and npm leaves it
 * out when the registry in use does not carry it. What is needed is known from the package that asks for it:
 * the exact version, and the platform from the name. Nothing is downloaded.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptional(lock);
for (const { key, entry } of missing) lock.packages[key] = entry;
if (missing.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${missing.length} optional packages added to package-lock.json\n`);

/** Every optional dependency with an exact version that has no entry, with the entry that it should have. */
function missingOptional({ packages }) {
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name, version]) => /^\d/.test(version) && !(`node_modules/${name}` in packages) && !(`${owner}/node_modules/${name}` in packages),
      )
      .map(([name, version]) => ({
        key: `node_modules/${name}`,
        entry: { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) },
      })),
  );
}

/** `@scope/binding-linux-x64-musl` is for Linux on x64 with musl. */
function platformOf(name) {
  const [, os, cpu] = name.match(/(android|darwin|freebsd|linux|openharmony|win32)-(x64|arm64|arm|ia32|ppc64|riscv64|s390x)/) ?? [];
  if (os === undefined) return name.includes('wasm32') ? { cpu: ['wasm32'] } : {};
  const libc = name.includes('-musl') ? { libc: ['musl'] } : name.includes('-gnu') ? { libc: ['glibc'] } : {};
  return { os: [os], cpu: [cpu], ...libc };
}
