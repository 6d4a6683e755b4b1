/** The one origin that the window may show: the app's own scheme, never a network address. */
export const appScheme = 'app';
export const appHost = 'doorstep';
export const appOrigin = `${appScheme}://${appHost}`;

/** True for a page of this app and nothing else. URLs are parsed, never compared by their beginning. */
export function isAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === `${appScheme}:` &&
    url.host === appHost &&
    url.username === '' &&
    url.password === '' &&
    url.port === ''
  );
}
