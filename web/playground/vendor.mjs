// Fetches the vendored files of the playground by their npm names and compares them
// with the table in vendor/VENDOR.md, which is the only list of them.
//
//   node vendor.mjs            compare; exits 1 when a file or a sum differs
//   node vendor.mjs --update   copy the files here and write their sums to the table
//
// Needs node, npm and tar. npm takes the packages from whatever registry it is set up for.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const vendor = join(dirname(fileURLToPath(import.meta.url)), "vendor");
const table = join(vendor, "VENDOR.md");
const row = /^\| `(?<file>[^`]+)` \| (?<pkg>\S+@\S+) \| `(?<path>[^`]+)` \| `(?<sum>[^`]*)` \|$/gm;
const update = process.argv.includes("--update");
const work = mkdtempSync(join(tmpdir(), "vendor-"));

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// unpack returns the folder of a package's files, fetching each package once.
const folders = new Map();
function unpack(pkg) {
  if (!folders.has(pkg)) {
    const folder = mkdtempSync(join(work, "package-"));
    const npm = ["pack", "--silent", "--pack-destination", folder, pkg];
    const archive = execFileSync("npm", npm, { encoding: "utf8" }).trim();
    execFileSync("tar", ["-xzf", join(folder, archive), "-C", folder]);
    folders.set(pkg, join(folder, "package"));
  }
  return folders.get(pkg);
}

function check({ file, pkg, path, sum }) {
  const published = sha256(readFileSync(join(unpack(pkg), path)));
  const here = sha256(readFileSync(join(vendor, file)));
  const same = published === sum && here === sum;
  console.log(`${same ? "same   " : "DIFFERS"} ${file} (${pkg})`);
  return same;
}

function copy({ file, pkg, path }) {
  const bytes = readFileSync(join(unpack(pkg), path));
  mkdirSync(dirname(join(vendor, file)), { recursive: true });
  writeFileSync(join(vendor, file), bytes);
  return `| \`${file}\` | ${pkg} | \`${path}\` | \`${sha256(bytes)}\` |`;
}

try {
  const text = readFileSync(table, "utf8");
  const rows = [...text.matchAll(row)].map((match) => match.groups);
  if (rows.length === 0) throw new Error(`no rows in ${table}`);
  if (update) {
    writeFileSync(table, text.replace(row, (...match) => copy(match.at(-1))));
  } else if (rows.map(check).includes(false)) {
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true });
}
