// What comes by itself when it is first needed. Modules that others import as well are not imported
// by name here: the first view would have to know the helper that makes a module of them.
export { forget } from './kept.ts'
