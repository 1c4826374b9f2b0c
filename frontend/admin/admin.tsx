export function Admin() {
  return <main class="page" />
}
export async function loadTexts(): Promise<void> {}
