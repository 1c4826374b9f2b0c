import { describe, expect, it } from 'vitest'
import { amountText, check, data, initial, parseAmount } from './case_form.ts'
import type { CaseField } from './cases.ts'

const field = (
  name: string,
  kind: CaseField['kind'],
  more: Partial<CaseField> = {},
): CaseField => ({
  ...{ name, kind, label: name, required: false, ...more },
})
const EUR = (amount: number) => ({ amount, currency: 'EUR' })

describe('a sum as people write it', () => {
  it.each([
    ['12,50', 'EUR', 1250],
    ['12.50', 'EUR', 1250],
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['0,05', 'EUR', 5],
    ['1.234,50', 'EUR', 123450],
    ['1,234.50', 'EUR', 123450],
    ['1 234,50 €', 'EUR', 123450],
    ['€1,234', 'EUR', 123400],
    ['1.234', 'EUR', 123400],
    ['1.234.567', 'EUR', 123456700],
    ['12,505', 'EUR', 1250500],
    ['12.50 EUR', 'EUR', 1250],
    ['1200', 'JPY', 1200],
    ['1,200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['١٢٫٥٠', 'EUR', 1250],
  ])('%s %s', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount)
  })

  it.each(['', '-5', '12a', '1e5', ',', '5,', '99999999999999999', '1234.567', '1,2,3'])(
    'is not %j',
    (text) => {
      expect(parseAmount(text, 'EUR')).toBeNull()
    },
  )

  it.each(['en', 'es', 'ru', 'de', 'ar-EG', 'fa'])(
    'comes back as it was filled in: %s',
    (locale) => {
      for (const amount of [1, 99, 100, 1250, 123456789])
        expect(parseAmount(amountText(amount, 'EUR', locale), 'EUR')).toBe(amount)
    },
  )
})

describe('a form', () => {
  const fields = [
    field('amount', 'amount', { required: true, max_amount: EUR(5000) }),
    field('text', 'long_text', { required: true, max: 5 }),
    field('way', 'choice', { required: true, choices: [{ key: 'a', label: 'A' }] }),
    field('agree', 'check', { required: true }),
    field('count', 'number', { max: 3 }),
    field('photos', 'files', { required: true }),
  ]

  it('says of every field what is missing', () => {
    expect(check(fields, {}, 'EUR')).toEqual({
      amount: { key: 'case.form.missing' },
      text: { key: 'case.form.missing' },
      way: { key: 'case.form.choose' },
      agree: { key: 'case.form.tick' },
      photos: { key: 'case.form.files_missing' },
    })
  })

  it('says what is too much', () => {
    const values = { amount: '50,01', text: '123456', way: 'a', agree: true, count: '4' }
    expect(check(fields, values, 'EUR', () => 1)).toEqual({
      amount: { key: 'case.form.amount_too_high', money: EUR(5000) },
      text: { key: 'case.form.too_long', max: 5 },
      count: { key: 'case.form.number_too_high', max: 3 },
    })
  })

  it('takes no sum of nothing', () => {
    expect(check([fields[0]!], { amount: '0' }, 'EUR')).toHaveProperty('amount')
  })

  it('is sent with sums in minor units and without what is empty', () => {
    const values = { amount: '50', text: ' a ', way: 'a', agree: true, count: '' }
    expect(check(fields, values, 'EUR', () => 1)).toEqual({})
    expect(data(fields, values, 'EUR')).toEqual({ amount: 5000, text: 'a', way: 'a', agree: true })
  })

  it('begins with what the server filled in', () => {
    const filled = [
      field('amount', 'amount', { value: 1250 }),
      field('sum', 'amount', { value: EUR(990) }),
      field('text', 'text', { value: 'hello' }),
      field('agree', 'check', { value: false }),
      field('photos', 'files', { value: ['x'] }),
      field('none', 'text', { value: null }),
    ]
    const values = initial(filled, 'EUR')
    expect(Object.keys(values)).toEqual(['amount', 'sum', 'text', 'agree'])
    expect(data(filled, values, 'EUR')).toMatchObject({ amount: 1250, sum: 990, text: 'hello' })
  })
})
