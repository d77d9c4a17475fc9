/** Where the native addon lies, when the bundled prebuild does not fit this runtime. Without it the wrong prebuild ends the process. */
export function nativeBinding(): { nativeBinding?: string } {
  const binding = process.env['TIDEMARK_SQLITE_BINDING'];
  return binding ? { nativeBinding: binding } : {};
}
