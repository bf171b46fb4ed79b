import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";

/** Participles and pronouns, which say nothing of what they name, and words that the glossary replaces. */
const VAGUE_NAMES = [
  ...["asked", "each", "found", "held", "kept", "known", "one", "ours", "own", "shown", "some", "these", "told"],
  ...["wanted", "agreement"],
];

// A word beside a space, in a text that is neither markup nor an error for programmers nor a style.
const WORDS = String.raw`[value.raw=/^[^<>=]*(?<![\w-])([a-z]{2,}\s|(?<=\s)[a-z]{2,})(?![\w-])[^<>=]*$/i]`;
const ELSEWHERE =
  "ThrowStatement *, CallExpression[callee.property.name='fail'] *, [left.object.property.name='style'] *";

/** Code that assembles a sentence; each is one message of ui/text/messages, which chooses its words. */
const ASSEMBLED_SENTENCES = {
  "[property.name=/^to(Locale)?(Lower|Upper)Case$/]": "Write the word as it is in a message.",
  [String.raw`CallExpression[callee.property.name='join'] > Literal[value=/^\s*([,;]|and|or)\s+$/]`]:
    "Use listed or valueList of sentences.js.",
  [`TemplateLiteral[expressions.length>0] > TemplateElement${WORDS}:not(${ELSEWHERE})`]: "Use a message with values.",
  [`BinaryExpression[operator='+'] > Literal${WORDS.replace("value.raw", "value")}:not(${ELSEWHERE})`]:
    "Use a message.",
};

export default defineConfig([
  globalIgnores([".venv*/", "build/", "site/", "static/", "ui/player/vendor/"]),
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      "id-denylist": ["error", ...VAGUE_NAMES],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", 500],
      "max-lines-per-function": ["error", { max: 40, IIFEs: true }],
      "no-shadow": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["ui/player/web/**", "ui/browser/web/**"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...Object.entries(ASSEMBLED_SENTENCES).map(([selector, message]) => ({ selector, message })),
      ],
    },
  },
  { files: ["tests/web/**", "tools/**"], languageOptions: { globals: globals.node } },
]);
