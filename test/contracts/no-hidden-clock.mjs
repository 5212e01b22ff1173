/** A rule for oxlint, which has no `no-restricted-syntax`: in a domain, `new Date()` would ask the machine's clock. */
const noHiddenClock = {
  create: (context) => {
    const check = (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
        context.report({ node, message: 'A domain asks for no time: take the instant as a parameter.' });
      }
    };
    return { NewExpression: check, CallExpression: check };
  },
};

/** @public The linter loads it by its path (`.oxlintrc.json`). */
export default { meta: { name: 'fulfillment' }, rules: { 'no-hidden-clock': noHiddenClock } };
