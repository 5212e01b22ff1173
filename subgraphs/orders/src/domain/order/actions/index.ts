import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Result } from '@fulfillment/kernel/domain/result';
import type { OrderError } from '../errors.js';
import { type AddProductInput, addProduct } from './add-product.js';
import type { ChangeInput, ChangeSetting, ReadChange } from './action-setting.js';
import { type CancelInput, cancel } from './cancel.js';
import { type ChangePlanInput, changePlan } from './change-plan.js';
import { type ChangeQuantityInput, changeQuantity } from './change-quantity.js';
import { type ChangeTermsInput, changeTerms } from './change-terms.js';
import { type ConvertTrialInput, convertTrial } from './convert-trial.js';
import type { CreateSubscriptionInput } from './create-subscription.js';
import { type ExtendTrialInput, extendTrial } from './extend-trial.js';
import { type RemoveProductInput, removeProduct } from './remove-product.js';
import { type RenewInput, renew } from './renew.js';
import { resume } from './resume.js';
import { suspend } from './suspend.js';
import { type TransferOwnerInput, transferOwner } from './transfer-owner.js';

/** What each kind of change is asked for with, by the name of its field in the input. */
interface ChangeInputs {
  readonly addProduct: AddProductInput;
  readonly changeQuantity: ChangeQuantityInput;
  readonly changePlan: ChangePlanInput;
  readonly removeProduct: RemoveProductInput;
  readonly renew: RenewInput;
  readonly suspend: ChangeInput;
  readonly resume: ChangeInput;
  readonly cancel: CancelInput;
  readonly transferOwner: TransferOwnerInput;
  readonly changeTerms: ChangeTermsInput;
  readonly extendTrial: ExtendTrialInput;
  readonly convertTrial: ConvertTrialInput;
}

/** Every kind of change: a new one is one entry here. */
const changes: { readonly [Name in keyof ChangeInputs]: ReadChange<ChangeInputs[Name]> } = {
  addProduct,
  changeQuantity,
  changePlan,
  removeProduct,
  renew,
  suspend,
  resume,
  cancel,
  transferOwner,
  changeTerms,
  extendTrial,
  convertTrial,
};

type ChangeName = keyof ChangeInputs;

type ChangesInput = { readonly [Name in ChangeName]?: ChangeInputs[Name] | null };

/** One entry of an order as it is asked for: exactly one of the fields is to be given. */
export interface OrderActionInput extends ChangesInput {
  readonly createSubscription?: CreateSubscriptionInput | null;
}

/** The names of the fields of an entry. */
export const actionNames = ['createSubscription', ...Object.keys(changes)] as readonly string[];

/** A change that an entry asks for, ready to be read. */
export interface GivenChange {
  readonly kind: 'CHANGE';
  readonly name: string;
  /** In small letters. */
  readonly subscriptionId: string;
  readonly read: (setting: ChangeSetting) => Result<AgreementAction, OrderError[]>;
}

/** What an entry asks for. */
export type GivenAction =
  { readonly kind: 'CREATE'; readonly name: string; readonly input: CreateSubscriptionInput } | GivenChange;

/** The one action that an entry gives; null when it gives none, or several. */
export function givenAction(entry: OrderActionInput): GivenAction | null {
  const { createSubscription: input } = entry;
  const created: GivenAction[] = input == null ? [] : [{ kind: 'CREATE', name: 'createSubscription', input }];
  const changed = (Object.keys(changes) as ChangeName[]).flatMap((name) => bind(name, entry) ?? []);
  const [action, ...others] = [...created, ...changed];
  return action === undefined || others.length > 0 ? null : action;
}

function bind<Name extends ChangeName>(name: Name, entry: ChangesInput): GivenChange | null {
  const input: ChangeInputs[Name] | null | undefined = entry[name];
  if (input == null) return null;
  const read: ReadChange<ChangeInputs[Name]> = changes[name];
  return {
    kind: 'CHANGE',
    name,
    subscriptionId: input.subscriptionId.toLowerCase(),
    read: (setting) => read(input, setting),
  };
}

/** What has to be known to judge some entries. */
export interface NamedInActions {
  /** In the order in which they are named, each once. */
  readonly subscriptionIds: readonly string[];
  readonly deploymentIds: readonly string[];
  /** Of accounts that a subscription is to be given to. */
  readonly receiverIds: readonly string[];
}

/** Everything that entries name; an entry that is not one action names nothing. */
export function namedInActions(entries: readonly OrderActionInput[]): NamedInActions {
  const given = entries.flatMap((entry) => givenAction(entry) ?? []);
  return {
    subscriptionIds: unique(given.flatMap((one) => (one.kind === 'CHANGE' ? [one.subscriptionId] : []))),
    deploymentIds: unique(given.flatMap((one) => (one.kind === 'CREATE' ? [createdFor(one.input)] : []))),
    receiverIds: unique(
      entries.flatMap(({ transferOwner: input }) => (input == null ? [] : [input.toAccountId.toLowerCase()])),
    ),
  };
}

/** The deployment that a new subscription is for. */
export function createdFor({ deployment }: CreateSubscriptionInput): string {
  return deploymentId(deployment.kind, deployment.externalId);
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
