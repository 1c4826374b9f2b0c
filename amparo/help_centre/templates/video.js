// A press on a video puts its frame in the link's place. Before it, nothing is asked of its host.
addEventListener('click', (event) => {
  const link = event.target.closest('a[data-frame]')
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const frame = document.createElement('iframe')
  frame.src = link.dataset.frame
  frame.title = link.textContent.trim()
  frame.allow = 'fullscreen; picture-in-picture; encrypted-media'
  frame.allowFullscreen = true
  frame.sandbox = 'allow-scripts allow-same-origin allow-presentation allow-popups'
  frame.referrerPolicy = 'strict-origin-when-cross-origin'
  link.replaceWith(frame)
  frame.tabIndex = 0
  frame.focus()
})
