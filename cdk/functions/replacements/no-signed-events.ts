// Replaces the encoder of the headers of signed events in the bundles. It belongs to event streams, which the service does not use.

/** Made with each signer, and never called. */
export class HeaderFormatter {}
