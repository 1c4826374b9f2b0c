import { t } from '../core/i18n.ts'
import { blocks } from './questions.ts'

/** The answer roughly as a reader sees it; placeholders stay visible. */
export function Preview(props: { title: string; body: string; language: string }) {
  return (
    <section class="preview" aria-label={t('admin.editor.preview')}>
      <h2 class="muted small">{t('admin.editor.preview')}</h2>
      <article lang={props.language} dir="auto">
        <h3>{props.title}</h3>
        {blocks(props.body).map((block, index) =>
          block.type === 'text' ? (
            <p key={index}>
              <Filled text={block.text} />
            </p>
          ) : (
            <ol key={index}>
              {block.steps.map((step, at) => (
                <li key={at}>
                  <Filled text={step} />
                </li>
              ))}
            </ol>
          ),
        )}
      </article>
      <p class="muted small">{t('admin.editor.preview_hint')}</p>
    </section>
  )
}

function Filled({ text }: { text: string }) {
  return (
    <>
      {text
        .split(/(\{\w+\})/)
        .map((part, index) => (/^\{\w+\}$/.test(part) ? <mark key={index}>{part}</mark> : part))}
    </>
  )
}
