// The built application, as the function of the page embeds it. Here it is built when the module is loaded: by the local server and by
// tests. A deployed bundle has the text itself in place of this module (cdk/functions/embed-app.ts), so it has no esbuild.
import { buildApp } from './build-app.ts';

/** Script and style. */
export const appCode = await buildApp();
