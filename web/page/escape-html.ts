// Text in HTML, for the connect page and the pages of the local server.

/** Text made safe to insert into HTML, attribute values included. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
