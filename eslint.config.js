import tseslint from "typescript-eslint";

/** What a folder of src/ may import from; arrows point one way. */
const MAY_IMPORT = {
  core: [],
  ports: ["core"],
  alerts: ["core", "ports"],
  tracker: ["core", "ports", "alerts"],
  memory: ["core", "ports"],
  kysely: ["core", "ports"],
  sqlite: ["core", "ports", "kysely"],
  kv: ["core", "ports"],
  sentry: ["core", "ports", "tracker"],
  capture: ["core", "ports", "tracker"],
  node: ["core", "ports"],
  board: ["core", "ports", "tracker", "backtest"],
  opentelemetry: ["core", "ports"],
  sinks: ["core", "ports", "alerts"],
  copy: ["core", "ports", "tracker"],
  backtest: ["core"],
  testing: ["core", "ports", "alerts", "tracker", "memory", "backtest"],
};

const FOLDERS = Object.keys(MAY_IMPORT);

/** A folder's rule: its arrows, and for the pure core the packages that a file of it may import. */
function arrowsOf(folder, files = [`src/${folder}/**/*.ts`], packages = "") {
  const allowed = MAY_IMPORT[folder];
  const forbidden = FOLDERS.filter((other) => other !== folder && !allowed.includes(other));
  const patterns = [
    {
      group: [...forbidden.map((other) => `**/${other}/**`), "!**/dialects/**"],
      message: `src/${folder} may import from ${allowed.join(", ") || "no other folder"}.`,
    },
  ];
  if (folder === "core") {
    patterns.push({
      regex: `^(?!\\./|(${packages})$)`,
      message: "core/ is pure: it imports its own files, and add-periods.ts dayjs.",
    });
  }
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const CLOCK_AND_CHANCE = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: "core/ has no clock." },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "core/ has no clock." },
  { selector: "CallExpression[callee.name='Date']", message: "core/ has no clock." },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "core/ leaves nothing to chance.",
  },
  { selector: "ImportExpression", message: "core/ loads nothing." },
];

const OUTSIDE_WORLD = [
  "process",
  "Buffer",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "performance",
  "queueMicrotask",
  "require",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

export default tseslint.config(
  { ignores: ["dist/", "docs/api/", "coverage/", ".check/", "test/consumers/", "test/installed/"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "*.ts"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // An async function without await turns what it throws into a rejection, which is what callers of a port expect.
      "@typescript-eslint/require-await": "off",
      // `type` is needed where an interface would lack the index signature that statements ask for.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { requireDefaultForNonUnion: true, considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      eqeqeq: "error",
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  ...FOLDERS.map((folder) => arrowsOf(folder)),
  arrowsOf("core", ["src/core/add-periods.ts"], "dayjs|dayjs/plugin/utc\\.js"),
  arrowsOf("core", ["src/core/conditions/*.ts"], "\\.\\./[\\w-]+\\.ts"),
  {
    files: ["src/core/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...CLOCK_AND_CHANCE],
      "no-restricted-globals": ["error", ...OUTSIDE_WORLD.map((name) => ({ name, message: "core/ is pure." }))],
    },
  },
  {
    // Lists of statements, which have no logic to follow.
    files: ["src/kysely/statements/*.ts", "src/kysely/migrations/migrations.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // Templates of pages, which are laid out one tag a line.
    files: ["src/board/pages/*.ts"],
    rules: { "max-lines-per-function": ["error", { max: 90, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ["**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts", "examples/**/*.ts", "scripts/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // Matchers, test data and `Reflect.apply`, by which tests give what the types forbid, are typed as `any`.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
