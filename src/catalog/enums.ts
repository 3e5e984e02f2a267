/** The labels of the target's enums that a migrated column uses, in the server's order. */
export const enums = {
  ActiveStatus: ['ACTIVE', 'INACTIVE', 'PENDING'],
  DocumentSystemType: ['INVOICE', 'RECEIPT', 'CONTRACT', 'OFFER', 'OTHER'],
  Language: ['cz', 'en', 'de', 'uk'],
  crm_Contact_Type: ['Customer', 'Partner', 'Vendor', 'Prospect'],
  crm_Contracts_Status: ['NOTSTARTED', 'INPROGRESS', 'SIGNED'],
  crm_Lead_Status: ['NEW', 'CONTACTED', 'QUALIFIED', 'LOST'],
  crm_Lead_Type: ['DEMO'],
  crm_Opportunity_Status: ['ACTIVE', 'INACTIVE', 'PENDING', 'CLOSED'],
  gptStatus: ['ACTIVE', 'INACTIVE'],
  taskStatus: ['ACTIVE', 'PENDING', 'COMPLETE'],
} as const;
