import type { CaseContext } from "../case.ts";
import {
  expectEnvironmentsApart,
  expectEventIdsApart,
  expectGroupsApart,
  expectUsersApart,
} from "./events-and-groups.ts";
import type { KeyTexts } from "./key-texts.ts";
import { expectTokensApart } from "./leases.ts";
import { expectProjectIdsApart, expectSlugsApart } from "./projects.ts";
import { expectLinesApart, expectOrderKeysApart, expectReleaseNamesApart } from "./releases.ts";

/** Stores something by every second text for each kind of key, and looks for it by all of them, with every method. */
export async function expectKeysApart(context: CaseContext, texts: KeyTexts): Promise<void> {
  await expectProjectIdsApart(context, texts.projectIds);
  await expectSlugsApart(context, texts.slugs);
  await expectEventIdsApart(context, texts.eventIds);
  await expectGroupsApart(context, "keys", texts.groupKeys);
  await expectGroupsApart(context, "strategies", texts.strategies);
  await expectReleaseNamesApart(context, texts.releaseNames);
  await expectLinesApart(context, texts.lines);
  await expectOrderKeysApart(context, texts.orderKeys);
  await expectEnvironmentsApart(context, texts.environments);
  await expectUsersApart(context, texts.users);
  if (context.hasOutbox) await expectTokensApart(context, texts.tokens);
}
