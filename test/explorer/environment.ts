/** True where a missing browser is a failure: continuous integration installs one. */
export function requiresBrowser(source: NodeJS.ProcessEnv = process.env): boolean {
  return source['REQUIRE_BROWSER'] === '1';
}
