// Runs behind axe-core in one function, where `module` is ours: what a page has under the name
// `axe`, or as a loader of modules, is not touched.
const tester = module.exports;
if (hadAxe) window.axe = pageAxe; else delete window.axe;
const [element, ignored] = arguments;
const rules = Object.fromEntries(ignored.map((rule) => [rule, {enabled: false}]));
return tester.run(element || document, {
  resultTypes: ['violations', 'incomplete'],
  iframes: false,
  rules,
}).then((results) => ({
  violations: results.violations.map((one) => ({
    rule: one.id,
    impact: one.impact || 'minor',
    help: one.help,
    count: one.nodes.length,
    first: String(one.nodes[0].target),
  })),
  undecided: results.incomplete.map((one) => one.id),
  rules: tester.getRules().map((one) => one.ruleId),
}), (error) => ({problem: String(error && error.message || error)}));
