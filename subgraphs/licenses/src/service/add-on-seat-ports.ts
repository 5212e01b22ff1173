/** Which seats of which deployment. */
export interface AddOnOf {
  readonly deploymentId: string;
  readonly productCode: string;
}

/** A change of who has a seat. */
export interface SeatChange extends AddOnOf {
  readonly kind: 'ASSIGNED' | 'UNASSIGNED';
  readonly userIds: readonly string[];
  readonly at: Date;
  readonly by: string;
}

/** Seats of add-ons, inside one transaction. Every call is one statement for any number of users. */
export interface AddOnSeatStore {
  /** Locks the seats of an add-on until the transaction ends, be there any or not; gives how many are assigned. */
  hold(addOn: AddOnOf): Promise<number>;
  /** As `hold`, of an add-on of which seats were assigned before; 0 when none ever was. */
  holdAssigned(addOn: AddOnOf): Promise<number>;
  /** Those of the users who have a seat. */
  holders(addOn: AddOnOf, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Makes a change, keeps it on record, and gives the number of what is told of it. */
  change(change: SeatChange): Promise<{ readonly assigned: number; readonly version: number }>;
}

/** Of which add-on seats are asked for; of all with null. */
export interface AddOnSeatFilter {
  readonly productCode?: string | null;
}

/** A seat that a user has. */
export interface AddOnSeat {
  readonly productCode: string;
  readonly userId: string;
  readonly assignedAt: Date;
  readonly assignedBy: string;
}

/** A seat that was assigned or taken back. */
export interface AddOnSeatChange {
  readonly productCode: string;
  readonly userId: string;
  readonly kind: 'ASSIGNED' | 'UNASSIGNED';
  readonly at: Date;
  readonly by: string;
}
