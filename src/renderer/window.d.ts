/** What the sandboxed preload script exposes; everything else goes over the two message ports. */
interface TidemarkBridge {
  /** The path on disk of a dropped or picked File. */
  pathForFile(file: File): string;
}
interface Window {
  readonly tidemark: TidemarkBridge;
}
