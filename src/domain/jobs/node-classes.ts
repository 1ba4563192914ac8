/**
 * What is known of node classes by their names: the one place for it. There are thousands of them, and their authors
 * keep to a few words.
 */

/** Whether nodes of a class read a model: files of many gigabytes, so that their first run takes long. */
export function isLoader(classType: string): boolean {
  return (
    /Loader|LoadDiffusionModel|LoadModel|ModelLoad|^Load(?!Image|Audio|Video|Latent|Mask)/i.test(classType) &&
    !/Image|Audio|Video|Latent|Mask/i.test(classType)
  );
}

/** Whether nodes of a class write the result. */
export function isSaver(classType: string): boolean {
  return /^Save|Save(Image|Video|Audio|Animated|Latent|GLB|WEBM)|VideoCombine|CreateVideo|ImageSaver|^Preview(Image|Audio|3D)/i.test(
    classType,
  );
}

/** Whether nodes of a class make an image in steps by a model. */
export function isSampler(classType: string): boolean {
  return /Sampler(?!Select)/i.test(classType);
}

/** What the class of a node says of its time. */
export function traitsOf(classType: string): { grows: boolean; samples: boolean } {
  const isSteady = /TextEncode|Conditioning|Primitive|String|LoadImage|Lora/i.test(classType);
  return { grows: !isLoader(classType) && !isSteady, samples: isSampler(classType) };
}
