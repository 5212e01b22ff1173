import type { ProductFeature } from '../domain/catalog/product.js';

function onOff(key: string, name: string): ProductFeature {
  return { key, name, kind: 'ON_OFF', quantity: null };
}

/** A highest number; null is no limit. An add-on's quantity comes on top of the plan's for each unit. */
export function limit(key: string, name: string, quantity: number | null): ProductFeature {
  return { key, name, kind: 'LIMIT', quantity };
}

/** A quantity for each month in a plan, for each pack in an add-on. */
export function allowance(key: string, name: string, quantity: number): ProductFeature {
  return { key, name, kind: 'METERED_ALLOWANCE', quantity };
}

/** The same of a plan that lets its allowance be exceeded. */
export function openAllowance(key: string, name: string, quantity: number): ProductFeature {
  return { ...allowance(key, name, quantity), overage: 'ALLOWED' };
}

/** What every plan has. */
export const freeFeatures = [
  onOff('source_code_management', 'Git repositories'),
  onOff('ci_cd_pipelines', 'CI/CD pipelines'),
  onOff('issue_boards', 'Issue boards'),
  onOff('container_registry', 'Container registry'),
  onOff('package_registry', 'Package registry'),
  onOff('wikis', 'Wikis'),
];

/** What Premium has beyond Free. */
export const premiumFeatures = [
  onOff('code_review_approvals', 'Required approvals in code review'),
  onOff('code_owners', 'Code owners'),
  onOff('merge_trains', 'Merge trains'),
  onOff('push_rules', 'Push rules'),
  onOff('protected_environments', 'Protected environments'),
  onOff('epics', 'Epics'),
  onOff('roadmaps', 'Roadmaps'),
  onOff('iterations', 'Iterations'),
  onOff('sso_saml', 'SAML single sign-on'),
  onOff('scim_provisioning', 'User provisioning by SCIM'),
  onOff('audit_events', 'Audit events'),
  onOff('priority_support', 'Priority support'),
];

/** What Ultimate has beyond Premium. */
export const ultimateFeatures = [
  onOff('sast', 'Advanced static application security testing'),
  onOff('dast', 'Dynamic application security testing'),
  onOff('dependency_scanning', 'Dependency scanning'),
  onOff('container_scanning', 'Container scanning'),
  onOff('fuzz_testing', 'Fuzz testing'),
  onOff('vulnerability_management', 'Vulnerability management'),
  onOff('security_policies', 'Security policies'),
  onOff('license_compliance', 'License compliance of dependencies'),
  onOff('compliance_frameworks', 'Compliance frameworks'),
  onOff('audit_event_streaming', 'Audit event streaming'),
  onOff('portfolio_management', 'Portfolio management'),
  onOff('value_stream_management', 'Value stream management'),
  onOff('free_guest_users', 'Guest users without a seat'),
];

/** What the dedicated plan has beyond Ultimate. */
export const dedicatedFeatures = [
  onOff('single_tenancy', 'A tenant of its own'),
  onOff('data_residency', 'Choice of the region of the data'),
  onOff('private_connectivity', 'Private network connections'),
  onOff('customer_managed_keys', 'Encryption keys managed by the customer'),
];

/** What the AI add-on unlocks. */
export const aiFeatures = [
  onOff('ai_code_suggestions', 'AI code suggestions'),
  onOff('ai_chat', 'AI chat'),
  onOff('ai_test_generation', 'AI test generation'),
  onOff('ai_refactoring', 'AI refactoring'),
];

/** What the enterprise AI add-on unlocks beyond the AI add-on. */
export const aiEnterpriseFeatures = [
  onOff('ai_change_summary', 'AI summaries of changes and discussions'),
  onOff('ai_root_cause_analysis', 'AI root cause analysis of failed pipelines'),
  onOff('ai_vulnerability_resolution', 'AI explanation and resolution of vulnerabilities'),
  onOff('ai_self_hosted_models', 'Self-hosted AI models'),
  onOff('ai_impact_dashboard', 'AI impact dashboard'),
];
