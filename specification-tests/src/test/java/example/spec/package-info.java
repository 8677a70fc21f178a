/** The application that the tests deploy, with listeners of all kinds. It knows nothing of who keeps its sessions. */
package example.spec;
