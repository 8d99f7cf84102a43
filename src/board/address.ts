/**
 * Addresses on the board. It has one path, the one at which its host mounts it; the query says which page it is. So links need not know
 * the path: `?issue=SHOP-12` leads from each page to that issue.
 */
export type Query = Readonly<Record<string, string | undefined>>;

/** A link to a page of the board. Members that are `undefined` or empty are left out. */
export function linkTo(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(name, value);
  }
  return `?${parameters.toString()}`;
}

/** A link to an issue. */
export function issueLink(friendlyId: string, more: Query = {}): string {
  return linkTo({ issue: friendlyId, ...more });
}

/** The value of a parameter, or the first of its allowed values if it has none of them. */
export function choiceOf<Choice extends string>(
  parameters: URLSearchParams,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = parameters.get(name);
  return choices.find((choice) => choice === given) ?? choices[0];
}

/** A parameter that was given, and not left empty. */
export function givenIn(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name);
  return value === null || value === "" ? undefined : value;
}

/** What a person typed, without blanks at its ends, if it is not empty. Ids may have blanks there: they are read by {@link givenIn}. */
export function typedIn(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name)?.trim();
  return value === "" ? undefined : value;
}
