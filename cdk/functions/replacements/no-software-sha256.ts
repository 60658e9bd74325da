// Replaces the SDK's SHA-256 in JavaScript in the bundles. The SDK takes it where there is no node:crypto.

/** Never made: Node has node:crypto. */
export class Sha256Js {}
