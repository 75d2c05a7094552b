// Words that people read stand in src/words, in both languages. Han characters
// in a template are words that were forgotten.
const han = /\p{Script=Han}/u;

export const noHanInTemplates = {
  meta: { type: "problem", schema: [], messages: { han: "Put these words into src/words, in both languages." } },
  create(context) {
    const services = context.sourceCode.parserServices;
    if (!services.defineTemplateBodyVisitor) return {};
    const look = (node, text) => {
      if (han.test(text)) context.report({ node, messageId: "han" });
    };
    return services.defineTemplateBodyVisitor({
      VText: (node) => look(node, node.value),
      VLiteral: (node) => look(node, node.value),
      Literal: (node) => typeof node.value === "string" && look(node, node.value),
      TemplateElement: (node) => look(node, node.value.raw),
    });
  },
};
