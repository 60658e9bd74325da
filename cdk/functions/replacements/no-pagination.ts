// Replaces the SDK's iterators over pages in the bundles. The service reads pages by itself; the package of the document client does not
// tell bundlers that they may be left out.
export {};
