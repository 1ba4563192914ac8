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

/** Whether the work of nodes of a class grows with the pixels they are given. */
export function growsWithPixels(classType: string): boolean {
  return !isLoader(classType) && !/TextEncode|Conditioning|Primitive|String|LoadImage|Lora/i.test(classType);
}

/** Whether nodes of a class make an image in steps by a model. */
export function isSampler(classType: string): boolean {
  return /Sampler(?!Select)/i.test(classType);
}
