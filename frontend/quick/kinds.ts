/** Every action key of the help centre's inventory, by what the panel does with it. */

/** Asked of an order; the server decides what is possible. */
export const REQUESTS = [
  'track_parcel',
  'cancel_order',
  'change_address',
  'request_refund_status',
  'confirm_receipt',
  'contact_seller',
  'upload_payment_proof',
  'open_dispute',
] as const

/** Shown by the panel itself. */
export const VIEWS = ['show_orders', 'show_snapshot', 'show_case', 'start_chat'] as const

/** About a case: the reason of a new one. */
export const CASES: Record<string, string> = {
  start_withdrawal: 'cooling_off',
  appeal_decision: 'appeal',
}

/** Only the site can do these: they link to the pages configured for it. */
export const PAGES = [
  'confirm_contact',
  'report_contact',
  'reset_password',
  'secure_account',
  'change_contact_data',
  'change_language',
  'delete_account',
  'show_coupons',
  'retry_payment',
  'remove_card',
  'download_invoice',
] as const

export type Kind = (typeof REQUESTS)[number]

export const isRequest = (key: string): key is Kind => (REQUESTS as readonly string[]).includes(key)
export const isPage = (key: string): boolean => (PAGES as readonly string[]).includes(key)

/** Whether it is about one order. */
export const needsOrder = (key: string): boolean =>
  isRequest(key) || key in CASES || key === 'show_snapshot'

/** The address of a site's page, for an order where it names one. */
export function pageFor(address: string, order: string | null): string {
  return address.replaceAll('{order}', encodeURIComponent(order ?? ''))
}
