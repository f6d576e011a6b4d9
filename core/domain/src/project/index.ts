export { type Project, type ProjectName, parseProjectName } from './project.ts';
export { getProject, listProjects, registerProject } from './register-project.ts';
