const raw = String.raw;

/** What names of the program are quoted after, at the end of a text. */
const BEFORE_NAME = new RegExp(
  [
    raw`(?:^|[^A-Za-z])(?:reading|setting|evaluating|access|execute|construct|set|resolve|reverse for|near|into|propert(?:y|ies)` +
      raw`|attributes?|columns?|relation|tables?|fields?|keys?|modules?|packages?|assembly|namespace|methods?|[gs]etters?|functions?|class|variables?` +
      raw`|names?|named|index|constraint|types?|import|exports?|parameters?|argument|options?|headers?|extension|commands?|operator` +
      raw`|keyword|identifiers?|constructor|specifier|operator to search for|schema|view|trigger|sequence|symbol|member|enum|database|call|calling|invoke|because|component|directive|element` +
      raw`|tag|pipe|provider|selector|object|of|model|at path)(?: (?:is|was|called|named))?[ (]*$`,
    raw`(?:argument|parameter|field|column|attribute|property|variable|component|object name|key not found|type\(s\) for \S+)s?: ?$`,
    raw`\btag [^:'"]{0,20}: ?$`,
  ].join("|"),
  "iu",
);

/** What names of the program are quoted before, at the start of a text. */
const AFTER_NAME = new RegExp(
  raw`^(?: (?:(?:is|was|has|does|did|are) not? ?(?:defined|a function|a constructor|iterable|null|provide|exported|a valid view)` +
    raw`|is (?:undefined|null|required|missing|deprecated|read-only)|objects?|column|field|property|attribute|method|parameter|argument|module` +
    raw`|must (?:be|have|contain|match|not)|length must|command|operator|codec|encoding|before initialization|of (?:undefined|null))(?![a-z])|=)`,
  "u",
);

/** What stands between two names, of which the first says that the second is one. */
const BETWEEN_NAMES = /^(?:\.|, ?| (?:and|or|on|in|of|from|for) )$/u;

/** What messages are quoted after, such as in JSON or in a call. */
const BEFORE_MESSAGE = new RegExp(
  raw`(?:^|[^A-Za-z])(?:error|err|exception|code|kind|reason|message|msg|level|event|description|type|status|title|detail|at|because|failed)["']?(?: ?[:=] ?| )[(\\]*$` +
    raw`|(?:Error|Exception)\($|^(?:\([\w.]+\) )?\(\d+, $`,
  "iu",
);

/** A member of a JSON document, or a name in a list of values. */
const AFTER_MEMBER = /^ ?: ?(?:["[{\d-]|true|false|null)/u;

/** A name as programs have it: `user_id`, `users.email`, `String.length()`, `@scope/package`, `./module`. */
const NAME = /^[#@.]{0,2}[\p{L}_$/][\p{L}\d_$.:/\\@#<>[\]()*-]*$/u;

/** A number that no programmer gives to a name. */
const LONG_NUMBER = /[A-Za-z](?:\d+_)?\d{4}/u;

/** The longest part of the text before a quoted text that is looked at. */
const MAX_CONTEXT = 60;

/** Where a quoted text stands. */
export interface QuotedPlace {
  readonly before: string;
  readonly after: string;
  /** The text from the quoted name before it; `undefined` if there is none. */
  readonly sinceName: string | undefined;
}

/**
 * What a quoted text is: the *name* of a part of the program, a *message*, of which a part may be data, or *data*.
 */
export function kindOfQuoted(content: string, { before, after, sinceName }: QuotedPlace): "name" | "message" | "data" {
  // Such as '<', where a parser stopped.
  if (content !== "" && !/[\p{L}\d]/u.test(content)) return "message";
  const context = before.slice(-MAX_CONTEXT);
  const isName =
    (before === "" && after === "") ||
    BEFORE_NAME.test(context) ||
    AFTER_NAME.test(after) ||
    (sinceName !== undefined && BETWEEN_NAMES.test(sinceName));
  if (isName && (LONG_NUMBER.test(content) || /^[[{(]/u.test(content))) return "data";
  if (isName) return NAME.test(content) ? "name" : "message";
  return BEFORE_MESSAGE.test(context) || AFTER_MEMBER.test(after) ? "message" : "data";
}
