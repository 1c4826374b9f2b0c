/** Send something while the page is going away: only a request that outlives it arrives. */
export function leavingPost(
  url: string,
  body: unknown,
  csrf: string | null,
  method: 'POST' | 'DELETE' = 'POST',
): void {
  void fetch(url, {
    method,
    keepalive: true,
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf ?? '' },
    body: JSON.stringify(body),
  })
}
