import type { ComponentChildren, JSX, Ref } from 'preact'
import './button.css'
import { Icon, type IconName } from './icon.tsx'

type Native = Omit<JSX.IntrinsicElements['button'], 'icon' | 'ref' | 'size'>

export interface ButtonProps extends Native {
  /** One `primary` a view; `plain` has a hairline; `quiet` is text only. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: IconName
  small?: boolean
  wide?: boolean
  /** Working: keeps its width and focus, cannot be pressed again. */
  busy?: boolean
  children?: ComponentChildren
  innerRef?: Ref<HTMLButtonElement>
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', icon, small, wide, busy, children, innerRef, onClick, ...rest } = props
  const classes = ['button', kind, small && 'small', wide && 'wide', rest.class]
  return (
    <button
      type="button"
      {...rest}
      ref={innerRef}
      class={classes.filter(Boolean).join(' ')}
      aria-busy={busy ? 'true' : undefined}
      aria-disabled={busy ? 'true' : rest['aria-disabled']}
      onClick={busy ? undefined : onClick}
    >
      {icon && <Icon name={icon} size={18} />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'label'> {
  label: string
  icon: IconName
}

/** A button without visible text: `label` is its name for everybody, also on hover. */
export function IconButton({ label, icon, kind = 'quiet', ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      kind={kind}
      class={`icon-only ${rest.class ?? ''}`}
      title={label}
      aria-label={label}
    >
      <Icon name={icon} />
    </Button>
  )
}
