/**
 * Where to go after signing in. Only a path of this site is followed: `//host`, a backslash or
 * a full address would lead elsewhere.
 */
export function safeNext(value: string | null, origin: string = location.origin): string {
   
  if (!value?.startsWith("/") || /^\/[/\\]|[\\\u0000-\u001f]/.test(value)) return "/";
  try {
    const url = new URL(value, origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
