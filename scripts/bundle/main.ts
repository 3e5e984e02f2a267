/**
 * Makes the bundle of the program, `build/`: a file for each of its processes, and in `packages/` the manifest and the licence of each package
 * that is in them. Each module in a file is headed by the name of its source. Each program also has its source's name, as a link, so that a list of
 * processes shows the same names with and without a bundle.
 * Why: docs/decisions/bundle.md.
 */
import { globSync } from 'node:fs';
import { cp, readdir, rm, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';

const folder = 'build';

/** The folders of the packages of which something is in the bundle. */
function packagesIn({ outputs }: Metafile): ReadonlySet<string> {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return new Set(files.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
}

/** As they lie in `node_modules/`: a package may be there in two versions, one of them inside another package. */
async function copyManifestAndLicence(packageFolder: string): Promise<void> {
  const files = (await readdir(packageFolder)).filter((name) => /^(package\.json$|licen[cs]e|copying|notice)/i.test(name));
  const copy = join(folder, 'packages', relative('node_modules', packageFolder));
  for (const file of files) await cp(join(packageFolder, file), join(copy, file), { recursive: true });
}

const { metafile } = await build({
  entryPoints: ['src/main.ts', 'src/prisma/schema-engine.ts', 'src/prisma/read-models-main.ts'],
  outbase: 'src',
  outdir: folder,
  bundle: true,
  // Without `splitting`, which loads shared modules first: `config/foreign-variables.ts` must come before the drivers.
  format: 'esm',
  platform: 'node',
  // As written: what esbuild 0.28.2 makes of `await using` in a loop throws the error of an earlier round again.
  target: 'esnext',
  // Packages that are CommonJS call it for Node's own modules.
  banner: { js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
});
// Not all of it before the build: a program may start meanwhile.
for (const file of globSync(`${folder}/**/*.js`)) if (!(file in metafile.outputs)) await rm(file);
for (const file of Object.keys(metafile.outputs)) {
  const named = file.replace(/\.js$/, '.ts');
  await rm(named, { force: true });
  await symlink(basename(file), named);
}
await rm(join(folder, 'packages'), { recursive: true, force: true });
for (const packageFolder of packagesIn(metafile)) await copyManifestAndLicence(packageFolder);
