// Fails the run early on another Node: under an older one the runner may show green and break only when a test fails.
export default function requireNode24(): void {
  if (process.versions.node.split('.')[0] !== '24') {
    throw new Error(`Node 24 is required, this is ${process.version}: run the suites through npm (npm test)`);
  }
}
