// Fails the run on any other Node major: under an older one vitest may pass and break only when a test fails.
export default function requireNode24(): void {
  if (process.versions.node.split('.')[0] !== '24') {
    throw new Error(`Node 24 is required, this is ${process.version}: run the suites through npm (npm test)`);
  }
}
