{{/* The container, its volumes and its pod's rights, for the hook and for an app that takes it as an init container. */}}

{{- define "nextcrm-migrate.claim" -}}
{{ .Values.persistence.existingClaim | default (printf "%s-nextcrm-migrate" .Release.Name | trunc 63 | trimSuffix "-") }}
{{- end }}

{{/*
In front of the app, in the chart that has this one as a dependency, with hook.enabled: false:

  initContainers:
    {{- include "nextcrm-migrate.prisma" (index .Subcharts "nextcrm-migrate") | nindent 8 }}
    {{- include "nextcrm-migrate.container" (index .Subcharts "nextcrm-migrate") | nindent 8 }}
  volumes:
    {{- include "nextcrm-migrate.volumes" (index .Subcharts "nextcrm-migrate") | nindent 8 }}
*/}}
{{- define "nextcrm-migrate.container" -}}
- name: migrate
  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  env:
    - name: MONGODB_URL_FILE
      value: /run/secrets/nextcrm-migrate/mongodb-url
    - name: DATABASE_URL_FILE
      value: /run/secrets/nextcrm-migrate/database-url
    {{- if .Values.appImage }}
    - name: NEXTCRM_PRISMA
      value: /nextcrm/prisma
    {{- end }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: nextcrm-migrate-data
      mountPath: /data
    - name: nextcrm-migrate-secrets
      mountPath: /run/secrets/nextcrm-migrate
      readOnly: true
    - name: nextcrm-migrate-tmp
      mountPath: /tmp
    {{- if .Values.appImage }}
    - name: nextcrm-migrate-prisma
      mountPath: /nextcrm/prisma
      readOnly: true
    {{- end }}
    {{- if .Values.dumpClaim }}
    - name: nextcrm-migrate-dump
      mountPath: /dump
      readOnly: true
    {{- end }}
{{- end }}

{{/* Copies the migrations of the app's image, before the container below. Nothing without appImage. */}}
{{- define "nextcrm-migrate.prisma" -}}
{{- if .Values.appImage }}
- name: nextcrm-prisma
  image: {{ .Values.appImage | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [sh, -c, cp -R /app/prisma/. /nextcrm/prisma/]
  resources:
    limits:
      memory: 64Mi
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: nextcrm-migrate-prisma
      mountPath: /nextcrm/prisma
{{- end }}
{{- end }}

{{- define "nextcrm-migrate.volumes" -}}
- name: nextcrm-migrate-data
  persistentVolumeClaim:
    claimName: {{ include "nextcrm-migrate.claim" . }}
- name: nextcrm-migrate-secrets
  secret:
    secretName: {{ .Values.secretName }}
    defaultMode: 0440
- name: nextcrm-migrate-tmp
  emptyDir: {}
{{- if .Values.appImage }}
- name: nextcrm-migrate-prisma
  emptyDir: {}
{{- end }}
{{- if .Values.dumpClaim }}
- name: nextcrm-migrate-dump
  persistentVolumeClaim:
    claimName: {{ .Values.dumpClaim }}
    readOnly: true
{{- end }}
{{- end }}
