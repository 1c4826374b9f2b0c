import { BulkMacro, BulkPriority, BulkSnooze, BulkTag, BulkTransfer } from './bulk-dialogs.tsx'
import type { Desk } from './desk.ts'
import { Help, Remap } from './keys-dialog.tsx'
import { Palette } from './palette.tsx'
import { SaveView } from './save-view.tsx'

/** The dialog that is open, if one is. */
export default function Dialogs({ desk }: { desk: Desk }) {
  const name = desk.dialog.value
  const close = () => {
    if (desk.dialog.peek() === name) desk.dialog.value = null
  }
  const props = { desk, onClose: close }
  switch (name) {
    case 'help':
      return <Help {...props} />
    case 'remap':
      return <Remap {...props} />
    case 'palette':
      return <Palette {...props} />
    case 'save_view':
      return <SaveView {...props} />
    case 'bulk_tag':
      return <BulkTag {...props} />
    case 'bulk_snooze':
      return <BulkSnooze {...props} />
    case 'bulk_transfer':
      return <BulkTransfer {...props} />
    case 'bulk_priority':
      return <BulkPriority {...props} />
    case 'bulk_macro':
      return <BulkMacro {...props} />
    default:
      return null
  }
}
