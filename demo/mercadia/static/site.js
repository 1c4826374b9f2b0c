// All that a site has to write. The queue makes the order of the two scripts unimportant.
const amparo = (verb, ...values) => {
  if (window.Amparo?.[verb]) window.Amparo[verb](...values)
  else (window.Amparo ??= { q: [] }).q.push([verb, ...values])
}

const { person } = document.currentScript.dataset
const remembered = sessionStorage.getItem('person') ?? ''
if (remembered && remembered !== person) amparo('logout')
sessionStorage.setItem('person', person)
if (person) amparo('identify', () => fetch('/amparo-token').then((answer) => answer.text()))

document.addEventListener('click', ({ target }) => {
  const order = target.closest?.('[data-help-order]')?.dataset.helpOrder
  if (order) amparo('open', { order })
})
