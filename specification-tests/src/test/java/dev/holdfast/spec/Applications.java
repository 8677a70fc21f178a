package dev.holdfast.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.spi.client.deployment.DeploymentDescription;
import org.jboss.arquillian.container.spi.client.deployment.TargetDescription;
import org.jboss.arquillian.container.test.spi.client.deployment.DeploymentScenarioGenerator;
import org.jboss.arquillian.test.spi.TestClass;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ClassLoaderAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Packs the one application, with the descriptor that a test class asks for, for each {@link Place} and its nodes. */
public final class Applications implements DeploymentScenarioGenerator {

    @Override
    public List<DeploymentDescription> generate(TestClass testClass) {
        List<DeploymentDescription> deployments = new ArrayList<>();
        Descriptor descriptor = testClass.getAnnotation(Descriptor.class);
        if (descriptor != null) {
            for (Place place : Place.values()) {
                place.nodes().forEach(node -> deployments.add(deployment(place, node, "", testClass)));
                if (descriptor.neighbour()) {
                    place.nodes().forEach(node -> deployments.add(deployment(place, node, "-neighbour", testClass)));
                }
            }
        }
        return deployments;
    }

    private static DeploymentDescription deployment(Place place, String node, String suffix, TestClass testClass) {
        String name = place.application() + suffix;
        String webXml = testClass.getAnnotation(Descriptor.class).value();
        WebArchive archive = ShrinkWrap.create(WebArchive.class, name + ".war")
                .addPackage("example.spec")
                .addAsWebResource(new StringAsset("the login page"), "login.html")
                .addAsWebResource(new StringAsset("the error page"), "wrong.html")
                .addAsWebInfResource(new ClassLoaderAsset("webapp/" + webXml), "web.xml")
                .addAsManifestResource(
                        new StringAsset(contextXml(place, node, testClass.getName() + "/" + name)), "context.xml");
        return new DeploymentDescription(name + " on " + node, archive)
                .setTarget(new TargetDescription(node))
                .shouldBeTestable(false);
    }

    /** Suites do not share sessions: what one has left behind would end in the middle of another. */
    private static String contextXml(Place place, String node, String suite) {
        try (InputStream file = Applications.class.getResourceAsStream("/webapp/" + place.contextFile())) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@node@", node)
                    .replace("@suite@", suite);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
