/** An ordinary web application, whose classes only its own class loader knows. */
package example.shop;
