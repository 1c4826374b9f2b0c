import { t } from '../core/i18n.ts'
import { type Block as BlockOf, blocks } from './questions.ts'

/** The answer roughly as a reader sees it; placeholders stay visible. */
export function Preview(props: { title: string; body: string; language: string }) {
  return (
    <section class="preview" aria-label={t('admin.editor.preview')}>
      <h2 class="muted small">{t('admin.editor.preview')}</h2>
      <article lang={props.language} dir="auto">
        <h3>{props.title}</h3>
        {blocks(props.body).map((block, index) => (
          <Block key={index} block={block} />
        ))}
      </article>
      <p class="muted small">{t('admin.editor.preview_hint')}</p>
    </section>
  )
}

function Block({ block }: { block: BlockOf }) {
  if (block.type === 'video')
    return (
      <p class="preview-video">
        {t('admin.editor.video')} <bdi dir="ltr">{block.address}</bdi>
      </p>
    )
  if (block.type === 'text')
    return (
      <p>
        <Filled text={block.text} />
      </p>
    )
  return (
    <ol>
      {block.steps.map((step, at) => (
        <li key={at}>
          <Filled text={step} />
        </li>
      ))}
    </ol>
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
