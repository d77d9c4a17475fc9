// What depends on the machine that packs: the Electron that is there, and on the fallback Electron the database
// addon that was built for it. Called by pack.mjs, which sets the variables.

const { rmSync } = require('node:fs');
const path = require('node:path');

const addon = process.env.TIDEMARK_SQLITE_BINDING;

module.exports = {
  extends: './build/electron-builder.yml',
  electronVersion: process.env.TIDEMARK_PACK_ELECTRON_VERSION,
  electronDist: process.env.TIDEMARK_PACK_ELECTRON_DIST,
  // Packages live in asar; what this Electron needs instead of the prebuilt addon goes beside it.
  ...(addon ? { extraResources: [{ from: addon, to: 'native/better_sqlite3.node' }] } : {}),
  ...(process.env.TIDEMARK_PACK_INSPECTABLE ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
  /** @param {{ appOutDir: string }} context */
  afterPack(context) {
    // The fallback Electron's stand-in for a default application must not get in the way of the real one.
    rmSync(path.join(context.appOutDir, 'resources', 'app'), { recursive: true, force: true });
  },
};
