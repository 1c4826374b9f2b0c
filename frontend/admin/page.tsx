import type { ComponentChildren } from 'preact'

/** Head and body of a page of the administration. */
export function Page(props: { title: string; lead: string; children: ComponentChildren }) {
  return (
    <main class="admin-page">
      <header>
        <h1>{props.title}</h1>
        <p class="muted">{props.lead}</p>
      </header>
      {props.children}
    </main>
  )
}
